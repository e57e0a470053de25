import { existsSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** `CHROMIUM`, an installed Chrome or Chromium, or the one from npm (Linux x64). Throws with what to install. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = await findChromium()
  // Everything the page needs is on this machine; background services only fail noisily.
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'],
  })
}

async function findChromium(): Promise<string> {
  const named = process.env.CHROMIUM
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`CHROMIUM names ${named}, which is not there`)
  }
  const installed = INSTALLED.find(existsSync)
  if (installed) return installed
  if (platform() === 'linux' && arch() === 'x64') {
    // Makes the package unpack the libraries that a bare system lacks.
    process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs24.x'
    const { default: bundled } = await import('@sparticuz/chromium')
    return bundled.executablePath()
  }
  throw new Error(
    'The browser test needs Chrome or Chromium: install one, or set CHROMIUM to its path, or SKIP_BROWSER=1.',
  )
}
