import { type Action, type Decision, INITIAL_STATE, type Policy, type SessionState } from '../policy/index.ts';

/** The state of one run. Decides and advances in one step, so that parallel requests cannot both take the last one. */
export class Session {
  readonly #policy: Policy;
  #state: SessionState = INITIAL_STATE;

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  decide(action: Action): Decision {
    const decision = this.#policy.decide(action, this.#state);
    this.#state = this.#policy.advance(this.#state, action, decision);
    return decision;
  }
}
