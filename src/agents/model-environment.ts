/** Where the model is and with what placeholder, for everything that speaks the Anthropic Messages API. */
export interface ModelAccess {
  readonly baseUrl: string;
  readonly placeholderKey: string;
}

/** The two variables that the vendor's SDKs and CLI read; the placeholder works nowhere but at the broker. */
export function modelEnvironment(access: ModelAccess): { readonly [name: string]: string } {
  return { ANTHROPIC_BASE_URL: access.baseUrl, ANTHROPIC_API_KEY: access.placeholderKey };
}
