/** The product's mark in the console's colour: a gate of two posts with its bar lifting. Also the favicon. */
export const MARK_SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="6" fill="#4a40d4"/><path d="M7 18V8m10 10V8M7 12.5l10-5" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round"/></svg>'
