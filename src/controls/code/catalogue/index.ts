import type { CodeControl } from '../model.ts';
import { CALL_CONTROLS } from './calls.ts';
import { EFFECT_CONTROLS } from './effects.ts';
import { GUARD_CONTROLS } from './guards.ts';
import { HARMLESS_CONTROLS } from './harmless.ts';
import { OPTION_CONTROLS } from './options.ts';
import { ROUTE_CONTROLS } from './routes.ts';
import { TEXT_CONTROLS } from './texts.ts';

/** Every class of change to a control in code. */
export const CODE_CONTROLS: readonly CodeControl[] = [
  ...GUARD_CONTROLS,
  ...CALL_CONTROLS,
  ...ROUTE_CONTROLS,
  ...OPTION_CONTROLS,
  ...TEXT_CONTROLS,
  ...EFFECT_CONTROLS,
  ...HARMLESS_CONTROLS,
];
