/** The opener's looks, with no weight against the page's own. */
export const openerStyles = `:where(.cloudinary-button) {
  display: inline-block; padding: 10px 18px; border: 0; border-radius: 10px; background: #0b6b62; color: #fff;
  font: 550 1rem/1.3 system-ui, sans-serif; text-decoration: none; cursor: pointer;
}`;
