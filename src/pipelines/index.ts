/** Pipelines of every platform as one model with exact positions. Knows nothing of agents and of rules. */

export { imageNameInFull } from './container/image-name.ts';
export { readContainerFiles } from './container/index.ts';
export type {
  ContainerCommand,
  ContainerFile,
  ContainerMount,
  ContainerSetting,
  DeclaredContainer,
  PodFacts,
} from './container-file.ts';
export type { CredentialClass, Effect, TreeProvenance } from './effect.ts';
export { gatesForEvent } from './github/condition.ts';
export { classifyContext } from './github/contexts.ts';
export { type Expression, parseExpression } from './github/expression.ts';
export { personAsked } from './github/permission-checks.ts';
export { environmentEntry, resolveText } from './github/reading.ts';
export { findExpressions } from './github/template.ts';
export { IMPLICIT_ROWS, implicitRowOf } from './implicit/index.ts';
export type {
  Actor,
  Condition,
  Container,
  Entry,
  FollowedScript,
  Gate,
  GateStrength,
  Job,
  Located,
  Permissions,
  Pipeline,
  Platform,
  Reference,
  Step,
  StepScript,
  Trigger,
} from './model.ts';
export { readPipelines } from './read-pipelines.ts';
export { environmentReads } from './text/shell-variables.ts';
export {
  type Interpolation,
  isPromptSafe,
  isShellSafe,
  type TemplateText,
  type ValueKind,
  type ValueOrigin,
  type ValueReference,
} from './value.ts';
