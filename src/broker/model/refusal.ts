/** Why a request was not served: a status, the rule that says so, and a sentence for the agent and the person. */
export interface ModelRefusal {
  readonly status: 400 | 401 | 403 | 413 | 415 | 502 | 503 | 504;
  readonly rule: string;
  readonly message: string;
}

export function refuse(status: ModelRefusal['status'], rule: string, message: string): ModelRefusal {
  return { status, rule, message: `Sallyport: ${message}` };
}

export function isRefusal(value: object): value is ModelRefusal {
  return 'status' in value && 'rule' in value && 'message' in value;
}
