/** Scripts of steps: their commands, what these do, and the scripts of the repository that they run. */
export { scriptEffects } from './effects.ts';
export { FOLLOW_LIMITS, traceScripts } from './follow.ts';
export { readStepScript } from './step-script.ts';
export { WrittenScripts } from './written-scripts.ts';
