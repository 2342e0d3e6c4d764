/** What the real CLI would decide about a tool call. */
export { MEASURED_VERSIONS } from './behaviour.ts';
export {
  type PermissionMode,
  type PredictedCall,
  type PredictedDecision,
  type PredictionInput,
  type PredictionPlace,
  SETTINGS_SOURCES,
  type SettingsSource,
} from './decision.ts';
export { predictDecision } from './predict.ts';
export { isLeftOut } from './settings-fault.ts';
