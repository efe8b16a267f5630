import type { EffectRequest } from './language.js';
import { number, type Reader } from './readers.js';
import { invalidValue, unsupported } from './refusals.js';
import type { Effect } from './types.js';

/** Reads what follows `e_<name>:`; undefined when there is no colon. */
type ArgumentReader = (argument: string | undefined, text: string) => EffectRequest;

type Amounted = Extract<Effect, { amount: number; curve?: undefined }>['name'];

const EFFECT = 'effect';

const plain =
  (name: 'grayscale' | 'negate'): ArgumentReader =>
  (argument, text) => {
    if (argument !== undefined) throw invalidValue(EFFECT, text);
    return { name };
  };

const amounted =
  (name: Amounted, min: number, max: number, byDefault: number): ArgumentReader =>
  (argument, text) => ({
    name,
    amount: argument === undefined ? byDefault : amount(argument, text, min, max),
  });

/** Ranges and defaults: transformations reference, section 4.1. */
const built: Readonly<Record<string, ArgumentReader>> = {
  grayscale: plain('grayscale'),
  negate: plain('negate'),
  sepia: amounted('sepia', 1, 100, 80),
  blur: amounted('blur', 1, 2000, 100),
  sharpen: amounted('sharpen', 1, 2000, 100),
  brightness: amounted('brightness', -99, 100, 80),
  saturation: amounted('saturation', -100, 100, 80),
  hue: amounted('hue', -100, 100, 80),
  contrast: readContrast,
  pixelate: (argument, text) =>
    argument === undefined
      ? { name: 'pixelate', amount: null }
      : { name: 'pixelate', amount: amount(argument, text, 1, 200) },
};

/** Every other effect name of sections 4.1 to 4.3: known, and refused by name. */
const later =
  'blackwhite gamma red green blue colorize tint vignette blur_region pixelate_region auto_brightness auto_contrast ' +
  'auto_color improve unsharp_mask trim recolor opacity_threshold shadow multiply screen overlay mask cut_out loop ' +
  'outline make_transparent bgremoval replace_color gradient_fade distort shear displace vibrance fill_light ' +
  'brightness_hsb ordered_dither morphology simulate_colorblind assist_colorblind zoompan anti_removal fade ' +
  'noise reverse boomerang accelerate volume deshake progressbar art oil_paint cartoonify vectorize theme ' +
  'background_removal gen_fill gen_background_replace gen_recolor gen_remove gen_replace gen_restore enhance ' +
  'auto_enhance extract upscale dropshadow preview redeye adv_redeye viesus_correct camera light swap_image ' +
  'blur_faces pixelate_faces';

/** Effect name -> whether it is built; the compatibility page is checked against this. */
export const effectSupport: ReadonlyMap<string, 'built' | 'later'> = new Map([
  ...Object.keys(built).map((name) => [name, 'built'] as const),
  ...later.split(' ').map((name) => [name, 'later'] as const),
]);

export const readEffect: Reader<EffectRequest> = (text) => {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const support = effectSupport.get(name);
  if (support === undefined) throw invalidValue(EFFECT, text);
  const read = support === 'built' ? built[name] : undefined;
  if (read === undefined) throw unsupported(EFFECT, name);
  return read(colon < 0 ? undefined : text.slice(colon + 1), text);
};

function amount(argument: string, text: string, min: number, max: number): number {
  try {
    return number(min, max)(argument, EFFECT);
  } catch (error) {
    throw argument.includes('$') ? error : invalidValue(EFFECT, text);
  }
}

/**
 * `contrast:n`, or `contrast:level_n;type_linear` (section 1.7). Sigmoidal runs from -100 to 100. Linear is a slope in percent
 * from 1 to 200; the documented example `level_-70;type_linear` counts from no change, so zero and below mean 100 + level.
 */
function readContrast(argument: string | undefined, text: string): EffectRequest {
  const options = argument === undefined ? [] : argument.split(';', 3);
  let level: string | undefined;
  let curve: 'linear' | 'sigmoidal' = 'sigmoidal';
  for (const option of options) {
    if (option === 'type_linear' || option === 'type_sigmoidal') {
      curve = option === 'type_linear' ? 'linear' : 'sigmoidal';
    } else if (level === undefined)
      level = option.startsWith('level_') ? option.slice('level_'.length) : option;
    else throw invalidValue(EFFECT, text);
  }
  if (curve === 'sigmoidal') {
    return { name: 'contrast', curve, amount: level === undefined ? 0 : amount(level, text, -100, 100) };
  }
  const slope = level === undefined ? 100 : amount(level, text, -100, 200);
  return { name: 'contrast', curve, amount: slope <= 0 ? 100 + slope : slope };
}
