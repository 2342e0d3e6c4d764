/** Runs `collectChange` in the process that can see the overlay, as the airlock does. */
import { defaultPolicy, INITIAL_STATE } from '../../src/policy/index.ts';
import { collectChange } from '../../src/workspace/index.ts';

const [workspace = '', lower = '', baseline = '', output = ''] = process.argv.slice(2);
const change = await collectChange({
  workspace,
  lower,
  baseline,
  output,
  limits: { files: 100, bytes: 1_000_000 },
  decide: (write) => defaultPolicy('generic').decide({ plane: 'file', ...write }, INITIAL_STATE),
  sentinel: undefined,
});
console.log(JSON.stringify(change));
