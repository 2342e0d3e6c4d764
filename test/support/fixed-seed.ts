/**
 * Loaded before each test file, except in the long form: the properties see the same inputs in each run, so that what
 * fails after a change is due to the change.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_121 });
