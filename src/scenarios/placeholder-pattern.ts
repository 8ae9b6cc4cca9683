/** A `{{path}}` in a text; every one of them by `matchAll` and `replaceAll`. */
export const PLACEHOLDER = /\{\{\s*([A-Za-z_][\w.-]*)\s*\}\}/g;
