/** Pipelines of every platform as one model with exact positions. Knows nothing of agents and of rules. */

export { imageNameInFull } from './container/image-name.ts';
export { CONTAINER_LIMITS, readContainerFiles } from './container/index.ts';
export type {
  CommandMoment,
  ContainerCommand,
  ContainerFile,
  ContainerMount,
  ContainerScript,
  ContainerSetting,
  ContainerWord,
  DeclaredContainer,
  PodFacts,
  SecretImport,
} from './container-file.ts';
export type { CredentialClass, Effect, EffectKind, TreeProvenance } from './effect.ts';
export { ACTION_TABLE_DATE } from './github/actions/table.ts';
export { gatesForEvent } from './github/condition.ts';
export { classifyContext } from './github/contexts.ts';
export { type Expression, parseExpression } from './github/expression.ts';
export { environmentEntry, resolveText } from './github/reading.ts';
export { findExpressions } from './github/template.ts';
export { EVENTS, type EventRow, eventNamed } from './github/trigger-table.ts';
export type {
  ExecutionMoment,
  ExecutionPower,
  ImplicitEntry,
  ImplicitExecution,
  ImplicitKey,
  ImplicitRow,
  ValueReader,
} from './implicit/implicit-execution.ts';
export { IMPLICIT_LIMITS, IMPLICIT_ROWS, implicitRowOf, readImplicitFiles } from './implicit/index.ts';
export type {
  Actor,
  Call,
  Condition,
  Container,
  Entry,
  FollowedScript,
  Gate,
  GateStrength,
  Job,
  Located,
  PermissionScope,
  Permissions,
  Pipeline,
  PipelineRole,
  Platform,
  PlatformFacts,
  Reference,
  Runner,
  Step,
  StepScript,
  Trigger,
  Way,
} from './model.ts';
export { readPipelines } from './read-pipelines.ts';
export {
  type Interpolation,
  isPromptSafe,
  isShellSafe,
  type TemplateText,
  type ValueKind,
  type ValueOrigin,
  type ValueReference,
} from './value.ts';
