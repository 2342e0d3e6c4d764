/** The policy: schema, layering, and the one decision function. */
export type {
  Action,
  Decision,
  FileAction,
  MergeAction,
  ModelAction,
  NetworkAction,
  Plane,
  SessionState,
  ToolAction,
  Verdict,
} from './action.ts';
export {
  INITIAL_STATE,
  type Limits,
  type ModelGrant,
  type NetworkGrant,
  type Policy,
  type SecretGrant,
  type WorkspaceGrant,
} from './policy.ts';
