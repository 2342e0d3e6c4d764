/** Scripts of steps: their commands, what these do, and the scripts of the repository that they run. */
export { type CommandLine, programName, readCommandLine, unwrapWords } from './command-line.ts';
export { scriptEffects } from './effects.ts';
export { FOLLOW_LIMITS, followScripts, type ScriptTrace, traceScripts } from './follow.ts';
export { readStepScript } from './step-script.ts';
export { placeOf, sliceTemplate, textOf } from './template-slice.ts';
export { type VariableOrigin, variableOrigins } from './variables.ts';
