// The only script of the pages. What it must do, and no more, is listed in README.md, "The small script".
const dialog = document.getElementById('dialog')
let opener = null

document.addEventListener('click', (event) => {
  const link = event.target.closest('[hx-target="#dialog"]')
  if (link) opener = link
})

document.addEventListener('htmx:after:settle', (event) => {
  if (event.target === dialog && dialog.firstElementChild && !dialog.open) dialog.showModal()
})
document.addEventListener('dialog:close', () => dialog.close())
dialog?.addEventListener('close', () => {
  dialog.replaceChildren()
  if (opener?.isConnected) opener.focus()
  opener = null
})

document.addEventListener('htmx:error', () => {
  const flash = document.getElementById('flash')
  const notice = document.createElement('div')
  notice.className = 'notice notice-bad flash'
  notice.setAttribute('role', 'alert')
  notice.textContent = 'The server cannot be reached. Nothing was changed; try again in a moment.'
  flash.replaceChildren(notice)
})

function countTicked(form) {
  for (const place of form.querySelectorAll('[data-ticked-count]')) place.textContent = form.querySelectorAll('input[name="user"]:checked').length
}

document.addEventListener('change', (event) => {
  const form = event.target.form
  if (event.target.matches('[data-tick-all]')) {
    for (const box of form.querySelectorAll('input[name="user"]')) box.checked = event.target.checked
  }
  if (event.target.matches('[data-tick-all], input[name="user"]')) countTicked(form)
  if (event.target.matches('[data-submit-on-change]')) form.requestSubmit()
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const open of document.querySelectorAll('details.popover[open]')) {
    open.open = false
    open.querySelector('summary').focus()
  }
  for (const hint of document.querySelectorAll('.hint:is(:hover, :focus-within)')) hint.classList.add('is-dismissed')
})

document.addEventListener('click', (event) => {
  for (const open of document.querySelectorAll('details.popover[open]')) if (!open.contains(event.target)) open.open = false
  const close = event.target.closest('[data-close-notice]')
  if (close) close.closest('.notice').remove()
  const copy = event.target.closest('[data-copy]')
  if (copy) navigator.clipboard?.writeText(copy.dataset.copy).then(() => { copy.setAttribute('data-copied', ''); setTimeout(() => copy.removeAttribute('data-copied'), 1500) })
})

for (const type of ['mouseout', 'focusout']) {
  document.addEventListener(type, (event) => {
    const hint = event.target.closest?.('.hint')
    if (hint && !hint.contains(event.relatedTarget)) hint.classList.remove('is-dismissed')
  })
}
