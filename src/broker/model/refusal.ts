/** Why a request was not served: a status, the rule that says so, and a sentence for the agent and the person. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 413 | 415 | 502 | 503 | 504;
  readonly rule: string;
  readonly message: string;
}

export function refuse(status: Refusal['status'], rule: string, message: string): Refusal {
  return { status, rule, message: `Sallyport: ${message}` };
}

export function isRefusal(value: object): value is Refusal {
  return 'status' in value && 'rule' in value && 'message' in value;
}
