import { accountMenu, open, running, signIn, signInForm, welcome } from '../support/screens';
import { expect, test } from '../support/test';

test('a theme is applied at once, and to the next page', async ({ page, server, checkAccessibility }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await signIn(page, server);
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  const menu = accountMenu(page);
  await menu.button.click();
  await expect(page.getByRole('menuitemradio', { name: 'System' })).toHaveAttribute('aria-checked', 'true');
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toHaveAttribute('aria-checked', 'true');
  expect(await ground()).not.toBe(light);
  await checkAccessibility();

  const shell = await page.context().request.get('/login');
  expect(await shell.text(), 'the server applies it').toContain('data-theme="dark"');
  await page.reload();
  await running(page);
  expect(await ground()).not.toBe(light);

  await menu.button.click();
  await page.getByRole('menuitemradio', { name: 'System' }).click();
  expect(await ground()).toBe(light);
});

test('a language is chosen in the menu', async ({ page, server, checkAccessibility }) => {
  await signIn(page, server);
  await accountMenu(page).button.click();
  await page.getByRole('menuitemradio', { name: '简体中文' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '欢迎，admin' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  await expect(page).toHaveTitle('首页 – Doorstep');
  await checkAccessibility();

  await page.getByRole('button', { name: 'admin 的账号菜单' }).click();
  await page.getByRole('menuitem', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '登录' })).toBeVisible();
});

test.describe('in a browser that asks for Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('the first paint is in Chinese', async ({ page }) => {
    await open(page, '/login');
    await expect(page.getByRole('heading', { level: 1, name: '登录' })).toBeVisible();
    await expect(page.getByLabel('用户名或邮箱')).toBeFocused();
    const shell = await page.context().request.get('/login', { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } });
    expect(await shell.text()).toContain('<h1 id="login-heading" tabindex="-1">登录</h1>');
  });
});

test('an unknown language falls back to English', async ({ page, server }) => {
  await page.context().addCookies([{ name: 'doorstep_language', value: 'tlh', url: server.url }]);
  await open(page, '/login');
  await expect(signInForm(page).heading).toBeVisible();
  await expect(welcome(page)).toHaveCount(0);
});
