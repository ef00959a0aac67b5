// Compiles one file of an installed package, and prints what the compiler answers as JSON.
// node compile.cjs FOLDER COMPILER FILE SETTINGS: FOLDER holds node_modules, SETTINGS is JSON.
"use strict";
const fs = require("fs");
const path = require("path");

const [folder, compiler, file, settings] = process.argv.slice(2);
const modules = path.join(path.resolve(folder), "node_modules");
const solc = require(path.join(modules, compiler));

function read(name) {
  try {
    return { contents: fs.readFileSync(path.join(modules, name), "utf8") };
  } catch (error) {
    return { error: error.message };
  }
}

const input = {
  language: "Solidity",
  sources: { [file]: { content: read(file).contents } },
  settings: { ...JSON.parse(settings), outputSelection: { [file]: { "*": ["abi", "evm.bytecode.object"] } } },
};
const answer = JSON.parse(solc.compile(JSON.stringify(input), { import: read }));
const faults = (answer.errors || []).filter((each) => each.severity === "error");
if (faults.length) {
  console.error(faults[0].formattedMessage);
  process.exit(1);
}
process.stdout.write(JSON.stringify({ version: solc.version(), contracts: answer.contracts[file] }));
