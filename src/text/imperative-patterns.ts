import type { Imperative } from './imperative.ts';

/** One way to order a model about. */
export interface ImperativeRow {
  readonly id: string;
  readonly meaning: string;
  readonly strength: Imperative['strength'];
  /** Bounded in every part: it is run on text from outside. */
  readonly pattern: RegExp;
}

const FRAMES =
  'system|assistant|human|tool_result|tool_use|tool_response|function_results?|function_calls?|system-reminder|system_prompt|admin|im_start|im_end';

/** Wording from published attacks (incidents of 2024–2026), reduced to what honest instructions do not say. */
export const IMPERATIVES: readonly ImperativeRow[] = [
  {
    id: 'override-instructions',
    meaning: 'sets aside the instructions that the model was given',
    strength: 'order',
    pattern:
      /\b(?:ignore|disregard|forget|override|bypass|discard)\s[^.:;]{0,30}\b(?:previous|prior|above|earlier|preceding|existing|original|your|system|other|all)\b[^.:;]{0,20}\b(?:instructions?|prompts?|guidelines?|directives?|safeguards?|restrictions?|messages?|context)\b/gi,
  },
  {
    id: 'new-instructions',
    meaning: 'announces instructions that replace the given ones',
    strength: 'order',
    pattern:
      /\b(?:new|updated|real|actual|revised|true)\s{1,3}(?:(?:system|priority|secret|hidden)\s{1,3})?(?:instructions?|objectives?|directives?|orders?)\s{0,3}(?::|from\s{1,3}(?:the\s{1,3})?(?:system|admin|operator|developer))/gi,
  },
  {
    id: 'new-role',
    meaning: 'gives the model another role without its limits',
    strength: 'order',
    pattern:
      /\byou\s{1,3}are\s{1,3}(?:now|no\s{1,3}longer)\s{1,3}(?:in\s{1,3})?(?:an?\s{1,3})?(?:DAN|unrestricted|uncensored|jailbroken|developer\s{1,3}mode|admin(?:istrator)?|root|maintenance|debug\s{1,3}mode|bound\s{1,3}by|restricted|free\s{1,3}from)\b/gi,
  },
  {
    id: 'keep-secret',
    meaning: 'keeps people from hearing of it',
    strength: 'order',
    pattern:
      /\b(?:do\s{1,3}not|don['’]t|never|without)\s{1,3}(?:ever\s{1,3})?(?:tell|telling|inform|informing|notify|notifying|alert|alerting|mention|mentioning|ask|asking)\b[^.:;]{0,30}?\b(?:users?|humans?|reviewers?|developers?|maintainers?|operators?|anyone|anybody|people)\b/gi,
  },
  {
    id: 'leave-unmentioned',
    meaning: 'keeps itself out of the answer',
    strength: 'order',
    pattern:
      /\b(?:do\s{1,3}not|don['’]t|never)\s{1,3}(?:mention|reveal|disclose|report|log|show|acknowledge|repeat|quote)\s{1,3}(?:it|this|these|that)\b(?:\s{1,3}(?:instructions?|message|comment|text|note|step|to|in|anywhere)\b|[.!\s]{0,3}$)/gim,
  },
  {
    id: 'hand-over-secrets',
    meaning: 'takes secrets out',
    strength: 'order',
    pattern:
      /(?<![-_`\w])(?:send|post|upload|exfiltrate|leak|forward|transmit|e-?mail|curl|paste|print|output|echo|include|append|write|embed)\s[^.:;]{0,50}?\b(?:secrets?|tokens?|credentials?|api[ _-]?keys?|passwords?|environment\s{1,3}variables?|env\s{1,3}vars?|ssh\s{1,3}keys?|private\s{1,3}keys?|[A-Z]{2,20}_(?:API_)?(?:KEY|TOKEN))\b[^.:;]{0,50}?\b(?:to|at|in|into|as|on)\b[^.:;]{0,30}?(?:https?:|\bcomments?\b|\bissues?\b|\bpull\s{1,3}requests?\b|\btitles?\b|\bdescriptions?\b|\bcommit\b|\bweb\s?hook|\bgist\b)/gi,
  },
  {
    id: 'fetch-and-run',
    meaning: 'runs a program from elsewhere',
    strength: 'hint',
    pattern:
      /\b(?:curl|wget|iwr|irm)\s[^\n|]{0,200}\|\s{0,3}(?:sudo\s{1,3})?(?:ba|z|da|k)?(?:sh|iex|python3?|node)\b/gi,
  },
  {
    id: 'decode-and-follow',
    meaning: 'acts on instructions in another encoding',
    strength: 'order',
    pattern:
      /\b(?:decode|decrypt|base64[ -]?decode|rot13)\s[^.;]{0,60}?\b(?:and|then)\s{1,3}(?:then\s{1,3})?(?:run|execute|follow|obey|eval(?:uate)?|do\s{1,3}what)\b/gi,
  },
  {
    id: 'forged-frame',
    meaning: 'passes for a message of the system, the user or a tool',
    strength: 'order',
    pattern: new RegExp(
      `</?(?:antml:)?(?:${FRAMES})(?:\\s[^<>\\n]{0,80})?>|<\\|[a-z_]{2,24}\\|>|\\[/?INST\\]|<</?SYS>>|(?:^|\\n)\\s{0,3}(?:Human|Assistant|SYSTEM|### ?(?:System|Instruction))\\s?:`,
      'g',
    ),
  },
  {
    id: 'false-end',
    meaning: 'pretends that the untrusted part is over',
    strength: 'order',
    pattern:
      /(?:[-=#*_]{3,20}|<!?--|\[|\/\/)\s{0,3}(?:end|begin|start)\s{1,3}(?:of\s{1,3})?(?:the\s{1,3})?(?:untrusted|user|issue|system|trusted|external|document|prompt|context|instructions?)\b[^\n]{0,30}/gi,
  },
  {
    id: 'claimed-authority',
    meaning: 'claims a power that a text does not have',
    strength: 'order',
    pattern:
      /\b(?:(?:this|it|you)\s{1,3}(?:is|has\s{1,3}been|have\s{1,3}been|are)\s{1,3}(?:already\s{1,3}|fully\s{1,3})?(?:pre-?)?(?:authori[sz]ed|approved|cleared)\s{1,3}by\s{1,3}(?:anthropic|openai|google|github|the\s{1,3}(?:user|owner|administrator|security\s{1,3}team|maintainers?))|(?:anthropic|openai|system|admin(?:istrator)?)\s{1,3}(?:override|notice|directive)\s{0,3}:)/gi,
  },
  {
    id: 'steer-verdict',
    meaning: 'asks for an approval instead of a review',
    strength: 'order',
    pattern:
      /\b(?:approve|merge|accept|lgtm)\s{1,3}(?:this|the)\s{1,3}(?:pr|pull\s{1,3}request|mr|merge\s{1,3}request|changes?|diff|patch)\b[^.:;]{0,40}?\b(?:without|immediately|regardless|automatically|no\s{1,3}matter|unconditionally)\b|\b(?:respond|reply|answer|return)\s{1,3}(?:only\s{1,3})?with\s{1,3}(?:only\s{1,3})?["'`]?(?:LGTM|approved?|safe|no\s{1,3}(?:issues|findings|vulnerabilities))\b/gi,
  },
  {
    id: 'tool-precondition',
    meaning: 'makes other tools pass through this one (tool poisoning)',
    strength: 'order',
    pattern:
      /\bbefore\s{1,3}(?:using|calling|invoking|running)\s{1,3}(?:this|any(?:\s{1,3}other)?|other)\s{1,3}tools?\b[^.:;]{0,80}?\b(?:read|send|pass|include|provide|call)\b|<\/?IMPORTANT>/g,
  },
  {
    id: 'addressed-to-model',
    meaning: 'tells a model to act',
    strength: 'hint',
    pattern:
      /\b(?:AI|LLM|assistants?|agents?|models?|copilot|claude|codex|gemini|cursor|chatgpt)\b[^.\n]{0,40}?\b(?:must|should|shall|need\s{1,3}to|have\s{1,3}to|please|will\s{1,3}now)\b[^.]{0,60}?\b(?:run|execute|curl|wget|fetch|download|install|send|upload|post|push|commit|delete|approve|merge|add|insert|include)\b/gi,
  },
  {
    id: 'hidden-step',
    meaning: 'adds a step to whatever is asked',
    strength: 'hint',
    pattern:
      /\b(?:also|always|additionally|secretly|silently|first)\s{1,3}(?:add|insert|append|include|run|execute|install|fetch|download|send|import|load)\s[^.\n]{0,80}?(?:https?:|\b[a-z0-9-]{1,40}\.[a-z]{2,10}\b|\bscript\b|\bpackage\b)/gi,
  },
];

/** Words before a hit that make it something told, forbidden or searched for. */
export const MENTIONS =
  /\b(?:attack(?:er)?s?|adversar\w{0,6}|\w{0,20}(?:inject|pattern|regex)\w{0,20}|malicious|untrusted|hostile|phish\w{0,4}|jailbreak\w{0,4}|attempts?|tr(?:y|ies|ying)\s{1,3}to|such\s{1,3}as|for\s{1,3}example|for\s{1,3}instance|e\.g\.?|i\.e\.?|like|detect\w{0,4}|prevent\w{0,4}|reject\w{0,4}|refus\w{0,4}|block\w{0,4}|flag\w{0,4}|says?|saying|said|reads?|phrases?|strings?|contain\w{0,4}|claim\w{0,4}|never|not|don['’]t|cannot|avoid|must\s{1,3}not|if\s{1,3}(?:you|the|a|any|an)\b)\b[^.]{0,90}$/i;
