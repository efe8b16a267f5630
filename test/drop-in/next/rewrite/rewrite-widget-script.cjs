// rewrite-widget-script.cjs
const original = 'https://upload-widget.cloudinary.com/global/all.js';

module.exports = function rewrite(code) {
  if (!code.includes(original)) throw new Error('next-cloudinary asks for another script by now');
  return code.replaceAll(original, this.getOptions().to);
};
