import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { findExecutable } from '../../src/system/index.ts';

/** One page of a real browser, with an authenticator in software that says yes. */
export interface Visitor extends AsyncDisposable {
  readonly page: Page;
  /** A finger on the reader: without it the authenticator can still tell that somebody is there. */
  setUserVerified(verified: boolean): Promise<void>;
}

/** Starts the system's Chromium, or Chrome; `make test` installs the first when neither is there. */
export async function openChromium(): Promise<Visitor> {
  const path = process.env['PATH'] ?? '';
  const executablePath = findExecutable('chromium', path) ?? findExecutable('google-chrome', path);
  if (executablePath === undefined) throw new Error('chromium is not installed: run `make test`, which installs it');
  const args = ['--no-sandbox', '--disable-background-networking'];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    return visitorOf(browser, page, await addAuthenticator(page));
  } catch (error) {
    await browser.close();
    throw error;
  }
}

interface Authenticator {
  readonly session: CDPSession;
  readonly authenticatorId: string;
}

async function addAuthenticator(page: Page): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { session, authenticatorId };
}

function visitorOf(browser: Browser, page: Page, { session, authenticatorId }: Authenticator): Visitor {
  return {
    page,
    setUserVerified: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
