/** The only room that touches the operating system's edges: processes, files, clocks. */
export { run } from './child.ts';
export { type Clock, type RandomBytes, systemClock, systemRandom, threadTime } from './clock.ts';
export { closeInheritedDescriptors } from './descriptors.ts';
export { errorCode, hasCode } from './error-code.ts';
export { findExecutable } from './executable.ts';
export { exitCode } from './exit-code.ts';
export { readFileNoFollow, readFileWithin, readTextIfAny, writeFileExclusive } from './file.ts';
export { describeFileError } from './file-error.ts';
export { isArray, isObject, type JsonObject, type JsonValue, objectOf, textOf } from './json.ts';
export {
  isAlive,
  listProcesses,
  type ProcessEntry,
  processIds,
  processTree,
  readProcess,
  readProcessFile,
} from './process.ts';
export { removeOnSignal } from './scratch.ts';
export { askSocket } from './socket.ts';
export { clearDirectory, exists, removeTree } from './tree.ts';
