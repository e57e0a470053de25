import { createHash } from 'node:crypto'
import { ENHANCE_JS } from '../islands/enhance.js.ts'
import { BASE_CSS } from '../styles/base.css.ts'
import { COMPONENTS_CSS } from '../styles/components.css.ts'
import { LAYOUT_CSS } from '../styles/layout.css.ts'
import { MARK_SVG } from '../styles/mark.svg.ts'
import { TOKENS_CSS } from '../styles/tokens.css.ts'

export type Asset = { readonly path: string; readonly type: string; readonly body: string }

/** The path carries the content's hash, so browsers may keep it forever. */
function asset(name: string, extension: string, type: string, body: string): Asset {
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  return { path: `/assets/${name}.${hash}.${extension}`, type, body }
}

const css = [TOKENS_CSS, BASE_CSS, LAYOUT_CSS, COMPONENTS_CSS].join('').replaceAll(/\n\s*/g, '\n').trim()

export const ASSETS = {
  css: asset('portal', 'css', 'text/css; charset=utf-8', css),
  js: asset('enhance', 'js', 'text/javascript; charset=utf-8', ENHANCE_JS),
  mark: asset('mark', 'svg', 'image/svg+xml', MARK_SVG),
} as const
