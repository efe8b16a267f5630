/**
 * What a sanitised SVG may contain: drawing, never behaviour (threat model T15). Names are those of SVG 1.1 and 2, spelled
 * as the standard spells them. What is not listed is dropped.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
export const XLINK_NAMESPACE = 'http://www.w3.org/1999/xlink';
export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** Kept. */
export const allowedElements = words(`
  svg g defs symbol use title desc switch view
  path rect circle ellipse line polyline polygon text tspan textPath tref image style
  linearGradient radialGradient stop pattern clipPath mask marker
  filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap
  feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode
  feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence
`);

/** Dropped, but their children stay: links are not followed, what they wrap is drawn. */
export const unwrappedElements = words('a');

export const allowedAttributes = words(`
  id class style lang transform transform-origin transform-box viewBox preserveAspectRatio version baseProfile
  width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points pathLength offset dx dy rotate textLength lengthAdjust
  startOffset method spacing side refX refY markerWidth markerHeight markerUnits orient
  gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform
  clipPathUnits maskUnits maskContentUnits filterUnits primitiveUnits filterRes
  requiredFeatures requiredExtensions systemLanguage zoomAndPan type media
  alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
  color-profile color-rendering cursor direction display dominant-baseline enable-background fill fill-opacity fill-rule
  filter flood-color flood-opacity font font-family font-size font-size-adjust font-stretch font-style font-variant
  font-weight glyph-orientation-horizontal glyph-orientation-vertical image-rendering isolation kerning letter-spacing
  lighting-color marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order
  pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering unicode-bidi
  vector-effect visibility white-space word-spacing writing-mode
  in in2 result mode values operator k1 k2 k3 k4 scale xChannelSelector yChannelSelector stdDeviation edgeMode order
  kernelMatrix kernelUnitLength divisor bias targetX targetY preserveAlpha surfaceScale diffuseConstant specularConstant
  specularExponent limitingConeAngle pointsAtX pointsAtY pointsAtZ azimuth elevation z radius baseFrequency numOctaves
  seed stitchTiles tableValues slope intercept amplitude exponent
`);

/** Elements that may show an embedded raster picture. */
export const pictureElements = words('image feImage');

/** A link inside the document. */
export const fragmentLink = /^\s*#[^\s"'()<>\\]+\s*$/;
/** An embedded raster picture. Never SVG: that would be a document of its own. */
export const rasterDataLink = /^\s*data:image\/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+$/i;
