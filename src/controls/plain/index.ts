/** Programs in languages without a grammar here: checks that refuse, read by words and indentation. */
export { comparePlainCode } from './compare-plain.ts';
