// On paper a page says the address at which it was read.
addEventListener("beforeprint", () => {
  const place = document.querySelector(".print-address .address");
  if (place) place.textContent = location.href.replace(/[?#].*/, "");
});
