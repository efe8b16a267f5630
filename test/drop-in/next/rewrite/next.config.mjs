// next.config.mjs
const loader = {
  loader: './rewrite-widget-script.cjs',
  options: { to: `${process.env.NEXT_PUBLIC_COUNTERSEAL_API_URL}/global/all.js` },
};

export default {
  turbopack: { rules: { '**/next-cloudinary/dist/index.mjs': { loaders: [loader] } } },
  webpack(config) {
    config.module.rules.push({ test: /next-cloudinary[\\/]dist[\\/]index\.mjs$/, use: [loader] });
    return config;
  },
};
