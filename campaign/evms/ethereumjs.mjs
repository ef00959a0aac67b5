// A scenario on ethereumjs: reads the request (scenario.py) on stdin, writes what came of it.
import { createBlock } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { bytesToHex, createAccount, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague })

async function start(genesis) {
  const stateManager = new MerkleStateManager({ common })
  const vm = await createVM({ common, stateManager })
  for (const [account, each] of Object.entries(genesis)) {
    const address = createAddressFromString(account)
    const { nonce, balance } = each
    await stateManager.putAccount(address, createAccount({ nonce, balance: BigInt(balance) }))
    if (each.code) await stateManager.putCode(address, hexToBytes('0x' + each.code))
  }
  return vm
}

function blockOf(block, { number, timestamp }) {
  const header = {
    number,
    timestamp,
    coinbase: block.coinbase,
    gasLimit: block.gas_limit,
    baseFeePerGas: BigInt(block.base_fee),
    mixHash: block.prev_randao,
    difficulty: 0,
  }
  return createBlock({ header }, { common, skipConsensusFormatValidation: true })
}

async function look(vm, accounts) {
  const found = {}
  for (const account of accounts) {
    const each = await vm.stateManager.getAccount(createAddressFromString(account))
    found[account] =
      each === undefined
        ? null
        : [
            Number(each.nonce),
            each.balance.toString(),
            bytesToHex(each.codeHash),
            bytesToHex(each.storageRoot),
          ]
  }
  return found
}

async function play(vm, block, step) {
  const tx = createTxFromRLP(hexToBytes(step.raw), { common })
  const made = await runTx(vm, { tx, block: blockOf(block, step) })
  const { exceptionError, returnValue, logs } = made.execResult
  return {
    status: exceptionError === undefined ? 1 : 0,
    gas: Number(made.totalGasSpent),
    output: bytesToHex(returnValue),
    logs: (logs ?? []).map(([address, topics, data]) => [
      bytesToHex(address),
      topics.map((topic) => bytesToHex(topic)),
      bytesToHex(data),
    ]),
    // This writes what is cached, so that the accounts know the roots of their storage.
    state_root: bytesToHex(await vm.stateManager.getStateRoot()),
    accounts: await look(vm, step.watch),
  }
}

async function run({ block, genesis, steps, watch }) {
  const vm = await start(genesis)
  const made = []
  for (const step of steps) made.push(await play(vm, block, step))
  return { steps: made, end: await look(vm, watch) }
}

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const answers = []
for (const request of JSON.parse(Buffer.concat(chunks).toString())) answers.push(await run(request))
process.stdout.write(JSON.stringify(answers))
