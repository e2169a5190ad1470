# Runs a file with python3, and misbehaves in the way that $1 names when the file is about the third case.
file=$2
third() { grep -q 'value = 3$' "$file"; }
case $1 in
  file-silent) exit 0 ;;
  file-refuses) echo 'cannot do that' >&2; exit 2 ;;
esac
if third; then
  case $1 in
    file-hangs) sleep 600 ;;
    file-floods) yes babble ;;
    file-segfaults) kill -11 $$ ;;
    file-leaves-children) sleep 600 & ;;
    file-exits) exit 0 ;;
    file-dies-midway) python3 -I -S "$file" | head -c 60; echo 'out of cheese' >&2; exit 9 ;;
    file-binary) printf '\377\376\n' ;;
  esac
fi
exec python3 -I -S "$file"
