/** Forms in which a secret is used by mistake, and what the mistake is. The right one comes first. */
export function secretForms(
  secret: string,
): readonly { readonly secret: string; readonly mistake: string | null }[] {
  const forms: readonly (readonly [string, string])[] = [
    [`${secret}\n`, 'with a line end behind it'],
    [` ${secret}`, 'with a space before it'],
    [`${secret} `, 'with a space behind it'],
    [`"${secret}"`, 'with quotation marks around it'],
    [`'${secret}'`, 'with quotation marks around it'],
    [encodeURIComponent(secret), 'percent-encoded, as CLOUDINARY_URL holds it'],
    ['undefined', 'as the text "undefined": it was not set'],
    ['null', 'as the text "null": it was not set'],
  ];
  return [
    { secret, mistake: null },
    ...forms.filter(([form]) => form !== secret).map(([form, mistake]) => ({ secret: form, mistake })),
  ];
}
