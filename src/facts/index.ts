/** One repository as facts: who can start which agent, what it meets, holds and can do, and what stands in the way. */
export type {
  AgentRun,
  Certainty,
  Control,
  Credential,
  Exit,
  Facts,
  FileRole,
  UntrustedSource,
} from './model.ts';
