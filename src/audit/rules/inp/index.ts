import type { Rule } from '../../rule.ts';
import { instructionsFromChange } from './change-instructions.ts';
import { textInPrompt } from './direct-text.ts';
import { hiddenText } from './hidden-text.ts';
import { INDIRECT_RULES } from './indirect-text.ts';
import { mutablePrompt } from './mutable-prompt.ts';
import { opaqueAsset } from './opaque-asset.ts';
import { secondOrder } from './second-order.ts';
import { secretInPrompt } from './secret-in-prompt.ts';
import { subShellInPrompt, textInCommand } from './shell-text.ts';
import { slashPrompt } from './slash-prompt.ts';

/** What reaches the prompt. */
export const INP_RULES: readonly Rule[] = [
  textInPrompt,
  textInCommand,
  subShellInPrompt,
  ...INDIRECT_RULES,
  instructionsFromChange,
  secretInPrompt,
  hiddenText,
  secondOrder,
  mutablePrompt,
  opaqueAsset,
  slashPrompt,
];
