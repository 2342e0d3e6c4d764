/** One way to talk a reviewer out of looking. */
export interface EvasionRow {
  readonly id: string;
  readonly meaning: string;
  /** `high`: hardly ever honest in code. `medium`: paperwork that honest code shows, too, and that proves nothing. */
  readonly severity: 'high' | 'medium' | 'low';
  /** Pages talk about it; what they hide is looked for elsewhere. */
  readonly codeOnly?: true;
  /** Bounded in every part: it is run on text from outside. */
  readonly pattern: RegExp;
}

const REVIEWER =
  '(?:code\\s|security\\s|ai\\s|llm\\s|automated\\s|the\\s){0,3}(?:reviewers?|scanners?|auditors?|models?|assistants?|agents?)';

/** From attacks on reviewers that still worked in 2026 (reference: ai-review-attacks) and the published refusal strings. */
export const EVASIONS: readonly EvasionRow[] = [
  {
    id: 'addressed-to-reviewer',
    meaning: 'speaks to whoever reviews it',
    severity: 'high',
    pattern: new RegExp(
      `\\b(?:note|attention|dear|hint|message|instructions?|important)\\s{0,2}(?:to|for|,)?\\s{0,2}${REVIEWER}\\s{0,2}[:,-]`,
      'gi',
    ),
  },
  {
    id: 'do-not-report',
    meaning: 'asks not to be reported',
    severity: 'high',
    pattern:
      /\b(?:do\s{1,3}not|don['’]t|never|no\s{1,3}need\s{1,3}to|should\s{1,3}not\s{1,3}be|must\s{1,3}not\s{1,3}be|skip)\s{1,3}(?:be\s{1,3})?(?:report|flag|raise|mention)(?:ed|ing)?\b[^.\n]{0,40}\b(?:finding|issue|vulnerabilit|this|injection|problem|false\s{1,3}positive)/gi,
  },
  {
    id: 'overrides-instructions',
    meaning: 'tells a reader to drop its instructions',
    severity: 'medium',
    codeOnly: true,
    pattern:
      /\b(?:ignore|disregard|forget|override)\s{1,3}(?:all\s{1,3}|any\s{1,3}|every\s{1,3})?(?:of\s{1,3})?(?:the\s{1,3}|your\s{1,3})?(?:previous|prior|above|earlier|preceding|system)\s{1,3}(?:instructions?|rules?|prompts?|directions?)\b/gi,
  },
  {
    id: 'claims-review',
    meaning: 'claims that somebody has reviewed it already',
    severity: 'medium',
    pattern:
      /\b(?:(?:already|previously|manually|fully)\s{1,3}(?:security[\s-]{1,3})?(?:reviewed|audited|vetted|approved)|(?:reviewed|approved|audited|signed\s{1,3}off|vetted|cleared)\s{1,3}by\s{1,3}(?:the\s{1,3})?(?:app\s?sec|security|infosec|red\s{1,3}team|compliance|ciso)\b|(?:app\s?sec|security)\s{1,3}(?:review|audit|approval|sign-?off)\s{0,3}(?::|=|#|id)?\s{0,3}(?:passed|approved|complete[d]?|SEC-|[A-Z]{2,8}-\d))/gi,
  },
  {
    id: 'claims-ticket',
    meaning: 'names a ticket as proof of a review',
    severity: 'medium',
    pattern:
      /\bSEC(?:URITY)?-(?:[A-Z]{2,6}-)?\d{2,6}\b[^\n]{0,40}\b(?:reviewed|approved|accepted|waived|exempt|cleared|safe)\b/gi,
  },
  {
    id: 'claims-false-positive',
    meaning: 'declares itself a false positive',
    severity: 'medium',
    pattern: /\b(?:known|confirmed|this\s{1,3}is\s{1,3}an?|documented)\s{1,3}false[\s-]{1,3}positive\b/gi,
  },
  {
    id: 'refusal-bait',
    meaning: 'holds a string that makes a model refuse to go on',
    severity: 'high',
    pattern: /\bANTHROPIC_MAGIC_STRING_[A-Z_]{4,60}[A-F0-9]{16,128}/g,
  },
  {
    id: 'refusal-topic',
    meaning: 'asks for what makes a model refuse',
    severity: 'high',
    pattern:
      /\b(?:step[\s-]{1,3}by[\s-]{1,3}step|instructions?|how\s{1,3}to|synthesi[sz]e|recipe|protocol)\b[^.\n]{0,60}\b(?:nerve\s{1,3}agents?|sarin|vx\s{1,3}gas|anthrax|bioweapons?|chemical\s{1,3}weapons?|dirty\s{1,3}bomb|enrich(?:ed|ing)?\s{1,3}uranium)\b/gi,
  },
];
