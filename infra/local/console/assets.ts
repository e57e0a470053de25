import type { Answer } from './answer.ts'
import { LIVE_JS } from './page/live.js.ts'
import { BASE_CSS } from './styles/base.css.ts'
import { COMPONENTS_CSS } from './styles/components.css.ts'
import { LAYOUT_CSS } from './styles/layout.css.ts'
import { MARK_SVG } from './styles/mark.svg.ts'
import { TOKENS_CSS } from './styles/tokens.css.ts'

const asset = (type: string, body: string): Answer => ({
  status: 200,
  headers: { 'content-type': type },
  body,
})

/** What pages load, by path. */
export const ASSETS: Readonly<Record<string, Answer>> = {
  '/assets/console.css': asset(
    'text/css; charset=utf-8',
    TOKENS_CSS + BASE_CSS + LAYOUT_CSS + COMPONENTS_CSS,
  ),
  '/assets/live.js': asset('text/javascript; charset=utf-8', LIVE_JS),
  '/assets/mark.svg': asset('image/svg+xml', MARK_SVG),
}
