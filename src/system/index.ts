/** The only room that touches the operating system's edges: processes, files, clocks. */
export { type RunOptions, type RunResult, run } from './child.ts';
export { type Clock, type RandomBytes, systemClock, systemRandom, threadTime } from './clock.ts';
export { closeInheritedDescriptors } from './descriptors.ts';
export { errorCode } from './error-code.ts';
export { findExecutable } from './executable.ts';
export { exitCode } from './exit-code.ts';
export { readFileNoFollow, readFileWithin, writeFileExclusive } from './file.ts';
export type { JsonObject, JsonValue } from './json.ts';
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
export { askSocket, type SocketQuestion } from './socket.ts';
export { exists, removeTree } from './tree.ts';
