import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { safeImage, safeLink } from '../format/safe-address.ts';
import styles from './markdown.module.css';

const PLUGINS = [remarkGfm];

/** Links lead out of the page and say nothing of it; what is no link to the web stays text, as HTML does. */
const COMPONENTS: Components = {
  a: ({ href, children }) => {
    const address = safeLink(href);
    if (address === undefined) return <span>{children}</span>;
    return (
      <a href={address} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  },
  img: ({ src, alt }) => {
    const given = typeof src === 'string' ? src : '';
    if (safeImage(given)) return <img src={given} alt={alt ?? ''} />;
    const address = safeLink(given);
    const name = `image ${alt ?? ''}`.trim();
    if (address === undefined) return <span>{name}</span>;
    return (
      <a href={address} target="_blank" rel="noopener noreferrer">
        {name}
      </a>
    );
  },
  // Headings of a message are none of the page.
  h1: ({ children }) => <p className={styles.heading}>{children}</p>,
  h2: ({ children }) => <p className={styles.heading}>{children}</p>,
  h3: ({ children }) => <p className={styles.heading}>{children}</p>,
  h4: ({ children }) => <p className={styles.heading}>{children}</p>,
  h5: ({ children }) => <p className={styles.heading}>{children}</p>,
  h6: ({ children }) => <p className={styles.heading}>{children}</p>,
  input: ({ checked }) => <span>{checked ? '☑' : '☐'}</span>,
};

/** Markdown as people and models write it. Nothing in it runs, and nothing is fetched for it. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={styles.markdown} dir="auto">
      {/* Addresses are looked at above, where images and links differ. */}
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={(url) => url}>
        {text}
      </ReactMarkdown>
    </div>
  );
}
