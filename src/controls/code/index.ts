/** The semantic diff of security controls in program code: JavaScript, TypeScript, Flow, Python, Go and Java. */
export { CODE_CONTROLS } from './catalogue/index.ts';
export { compareCode, isComparedCode } from './compare.ts';
export type { CodeComparison, CodeControl, CodeExample, CodePair, ControlLanguage } from './model.ts';
export { reconcileMoves, type Trail } from './moves/index.ts';
export { describeLoss, type Loss, sumTurnovers, type Turnover } from './turnover.ts';
