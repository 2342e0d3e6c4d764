import { tellsOfAccess } from '../code/lexicon.ts';
import { namesProtection } from './protecting-words.ts';
import type { Refusal } from './refusal.ts';

/** A test that something is there refuses nobody. */
const PRESENCE =
  /^!?\s*[\w.>$@-]{1,60}(?:\(\))?(?:\.(?:is_)?(?:none|some|empty|null|nil|blank|present)\w*[?!]?(?:\(\))?|\s*[!=]=+\s*(?:nil|null|NULL|None|undefined|''|""|-?\d))?$/i;
/** A program's tests of its own surroundings. */
const SURROUNDINGS = /^(?:!\s*)?(?:\[\[?|test)\s+(?:!\s*)?-[a-z]\s|\b(?:command -v|which|type -p|declare -F|hash)\s/i;
/** An exit that says no aloud: an error, not an empty answer. */
const ALOUD =
  /throw|raise|die\b|croak|Err\b|error|abort|revert|exit|goto|panic|bail|fail|invalid|require|ensure|precondition|return -/i;

/** What a check says of access tells; of other checks those that end in an error and ask for more than presence. */
export function tells({ condition, says, owner }: Refusal): boolean {
  if ([condition, says].some((text) => tellsOfAccess(text) || namesProtection(text))) return true;
  if (PRESENCE.test(condition) || SURROUNDINGS.test(condition)) return false;
  return ALOUD.test(says) || tellsOfAccess(owner);
}

/** It still refuses, only otherwise: that tells something where it speaks of access. */
export function tellsWhenOther(old: Refusal, now: Refusal): boolean {
  return [old.condition, old.says, now.condition].some(tellsOfAccess);
}
