import type { Page } from 'playwright-core';

/** How far the page itself can be scrolled sideways, px, and what sticks out. What scrolls within the page does not count. */
export async function sidewaysScroll(page: Page): Promise<{ readonly px: number; readonly because: string[] }> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const px = document.documentElement.scrollWidth - width;
    const sticksOut = (element) => element.getBoundingClientRect().right > width + 1;
    const because = px > 0 ? [...document.body.querySelectorAll('*')].filter(sticksOut) : [];
    return { px, because: because.slice(0, 5).map((element) => element.outerHTML.slice(0, 200)) };
  })()`);
}
