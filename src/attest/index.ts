export type {
  Approval,
  ChangeIdentity,
  SignerRole,
  Statement,
  StatementFault,
  Subject,
  VerifiedStatement,
} from './model.ts';
export { PAYLOAD_TYPE, STATEMENT_TYPE } from './model.ts';
