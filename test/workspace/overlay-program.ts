/** Runs `collectChange` in the process that can see the overlay, as the airlock does. */
import { collectChange } from '../../src/workspace/index.ts';

const [workspace = '', lower = '', baseline = '', output = ''] = process.argv.slice(2);
const change = await collectChange({
  workspace,
  lower,
  baseline,
  output,
  limits: { files: 100, bytes: 1_000_000 },
  scope: { allow: ['**'], ask: [], deny: [] },
  sentinel: undefined,
});
console.log(JSON.stringify(change));
