/** One repository as facts: who can start which agent, what it meets, holds and can do, and what stands in the way. */
export { credentialClass } from './credential-class.ts';
export { secretsOfStep, tokenWrites } from './credentials.ts';
export { AnswerFlow } from './executed-answers.ts';
export { fileRole } from './file-role.ts';
export { type GivenServer, givenServers } from './given-servers.ts';
export type {
  AgentRun,
  Certainty,
  Control,
  Credential,
  Exit,
  Facts,
  FileRole,
  StartWay,
  UntrustedSource,
} from './model.ts';
export { readFacts } from './read-facts.ts';
