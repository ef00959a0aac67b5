# pragma version 0.4.3
# pragma nonreentrancy on
"""
@title Kinds
@license MIT
@notice The EIP-712 types of what is signed (https://eips.ethereum.org/EIPS/eip-712). Every
        message is kind(account, subject, deadline).
"""

REGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Registration(address account,Agreement agreement,uint256 deadline)"
    "Agreement(Table table,Terms terms)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
DEREGISTRATION_TYPE: constant(bytes32) = keccak256(
    "Deregistration(address account,End end,uint256 deadline)End(address see,uint256 version)"
)
END_TYPE: constant(bytes32) = keccak256("End(address see,uint256 version)")
AMENDMENT_TYPE: constant(bytes32) = keccak256(
    "Amendment(address account,Succession succession,uint256 deadline)"
    "Agreement(Table table,Terms terms)"
    "Succession(address see,uint256 version,Agreement agreement)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
SUCCESSION_TYPE: constant(bytes32) = keccak256(
    "Succession(address see,uint256 version,Agreement agreement)"
    "Agreement(Table table,Terms terms)"
    "Table(bytes32 root,uint256 shares,uint256 pages)"
    "Terms(string text,bytes32[] roll,uint256 quorum_numerator,uint256 quorum_denominator,"
    "uint256 expiry,address[] currencies,bytes32 nonce)"
)
LEAVING_TYPE: constant(bytes32) = keccak256(
    "Leaving(address account,Leave leave,uint256 deadline)"
    "Leave(address see,uint256 version,bool voice,bool seat,uint256 index)"
)
LEAVE_TYPE: constant(bytes32) = keccak256(
    "Leave(address see,uint256 version,bool voice,bool seat,uint256 index)"
)
PUBLICATION_TYPE: constant(bytes32) = keccak256(
    "Publication(address account,Location location,uint256 deadline)"
    "Location(address see,string uri)"
)
LOCATION_TYPE: constant(bytes32) = keccak256("Location(address see,string uri)")
ENDORSEMENT_TYPE: constant(bytes32) = keccak256(
    "Endorsement(address account,Act act,uint256 deadline)"
    "Act(address see,uint256 version,bytes32 kind,address account,bytes32 subject)"
)
ACT_TYPE: constant(bytes32) = keccak256(
    "Act(address see,uint256 version,bytes32 kind,address account,bytes32 subject)"
)
# Of SEE.vy: no SEE signs it, since its money is its members' and goes by its own table.
REDIRECTION_TYPE: constant(bytes32) = keccak256(
    "Redirection(address account,Redirect redirect,uint256 deadline)"
    "Redirect(address see,address to,uint256 times)"
)
