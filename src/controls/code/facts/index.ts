/** What a program says about its controls, as rows that can be compared. */
export { FactCollector } from './collect.ts';
export { formulaKey } from './conditions.ts';
export type * from './fact.ts';
export { RATE } from './measure.ts';
export { elementsOf, evaluate, isRiskyModule } from './values.ts';
export { countWords } from './words.ts';
