"""Payment requests: files, links and QR codes, matched and watched for; receipts of payments."""
