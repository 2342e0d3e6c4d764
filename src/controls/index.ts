/** What a change does to security controls: weakened, moved, strengthened, added. Says it; decides nothing. */

export { compareControls } from './compare.ts';
export type { ControlClass, ControlExample, ExampleFile } from './control-class.ts';
export { describeRule, reportControls } from './findings.ts';
export { grammarsFor } from './grammars.ts';
export type { ControlChange, ControlDiff, ControlGroup, Direction } from './model.ts';
export { assessChange } from './risk.ts';
export { CONTROL_CLASSES } from './rule-table/index.ts';
