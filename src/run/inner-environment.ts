/** Where the agent finds itself inside; the home is an empty, private file system. */
export const INNER_HOME = '/home/agent';
export const BROKER_PORT = 8040;

/** The trust bundle inside: the host's own authorities, and the run's when the broker inspects TLS. */
export const TRUST_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

/** Every variable by which a common client learns where its trust bundle is (curl, git, pip, cargo, node, openssl, requests). */
const TRUST_VARIABLES = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'CARGO_HTTP_CAINFO',
] as const;

/** Tool behaviour that keeps a job unattended and quiet; no credential, no address but the broker's. */
const SETTLED = {
  USER: 'agent',
  LOGNAME: 'agent',
  SHELL: '/bin/bash',
  TERM: 'dumb',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
  CI: 'true',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  NODE_USE_ENV_PROXY: '1',
  // The leak checker traces the process that it is part of, and ends it where that is refused. The other checks work.
  ASAN_OPTIONS: 'detect_leaks=0',
  LSAN_OPTIONS: 'detect_leaks=0',
  SALLYPORT: '1',
} as const;

/**
 * The whole environment of the agent, built from nothing: what a shell needs, the broker as proxy, trust, and
 * placeholders under the names where clients look for credentials. The agent's adapter adds its own on top.
 */
export function innerEnvironment(options: {
  readonly path: string;
  readonly trustBundle: string | undefined;
  /** The same bundle for Java, when the one that its installation brings does not do. */
  readonly javaTrustStore: string | undefined;
  readonly placeholders: { readonly [name: string]: string };
}): { readonly [name: string]: string } {
  const proxy = brokerUrl();
  const environment: Record<string, string> = { ...SETTLED, HOME: INNER_HOME, PATH: options.path };
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
    environment[name] = proxy;
    environment[name.toLowerCase()] = proxy;
  }
  environment['NO_PROXY'] = environment['no_proxy'] = '127.0.0.1,localhost,::1';
  // The one variable that every machine reads, however a build starts it; it says so on its standard error.
  if (options.javaTrustStore)
    environment['JAVA_TOOL_OPTIONS'] =
      `-Djavax.net.ssl.trustStore=${options.javaTrustStore} -Djavax.net.ssl.trustStoreType=JKS`;
  if (options.trustBundle) for (const name of TRUST_VARIABLES) environment[name] = options.trustBundle;
  return { ...environment, ...options.placeholders };
}

export function brokerUrl(): string {
  return `http://127.0.0.1:${BROKER_PORT}`;
}
