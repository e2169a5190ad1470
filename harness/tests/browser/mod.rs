//! A headless Chromium for tests: started, told what to do by the DevTools protocol, and ended.
//!
//! The protocol is spoken over two pipes (`--remote-debugging-pipe`): JSON, each message ended by a zero byte. So there is
//! no port, no web socket, and no crate that would bring the whole protocol for the few commands that are needed here.

// Each test uses a part of it.
#![allow(dead_code)]

use base64::Engine;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// The names under which it is installed.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];
/// The longest time that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one tab.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    /// Messages that nobody asked for yet.
    events: VecDeque<Value>,
    session: String,
    last: u64,
    _profile: tempfile::TempDir,
}

/// Says something that is seen also where tests pass.
pub fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

/// The command of an installed Chromium.
fn command() -> Option<&'static str> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    NAMES.into_iter().find(|name| std::env::split_paths(&folders).any(|folder| folder.join(name).is_file()))
}

impl Browser {
    /// A browser, or nothing where none is installed; in CI one has to be.
    pub fn start(name: &str) -> Option<Browser> {
        let Some(command) = command() else {
            assert!(std::env::var_os("CI").is_none(), "there is no Chromium: `.ci/run` installs Debian's `chromium`");
            say(&format!("{name}: SKIPPED, there is no Chromium here (Debian: apt-get install chromium)"));
            return None;
        };
        let profile = tempfile::tempdir().expect("a folder");
        // The shell puts the pipes where Chromium wants them: it reads from 3 and writes to 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1", command])
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ])
            .args(["--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-sync"])
            .args(["--hide-scrollbars", "--force-color-profile=srgb"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let to = child.stdin.take().expect("a pipe");
        let mut output = child.stdout.take().expect("a pipe");
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let (mut held, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
            while let Ok(count) = output.read(&mut buffer) {
                if count == 0 {
                    return;
                }
                held.extend_from_slice(&buffer[..count]);
                while let Some(end) = held.iter().position(|byte| *byte == 0) {
                    let message: Vec<u8> = held.drain(..=end).collect();
                    if let Ok(message) = serde_json::from_slice(&message[..end])
                        && sender.send(message).is_err()
                    {
                        return;
                    }
                }
            }
        });
        let session = String::new();
        let mut browser = Browser { child, to, from, events: VecDeque::new(), session, last: 0, _profile: profile };
        let target = browser.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = browser.ask("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_string();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// What a command of the protocol answers.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).and_then(|()| self.to.flush()).expect("the browser listens");
        let end = Instant::now() + PATIENCE;
        loop {
            let message = self.receive(end, method);
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push_back(message);
        }
    }

    fn receive(&mut self, end: Instant, what: &str) -> Value {
        match self.from.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("the browser does not answer to {what}"),
            Err(RecvTimeoutError::Disconnected) => panic!("the browser ended at {what}"),
        }
    }

    /// Waits for an event.
    fn wait_for(&mut self, method: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            let found = self.events.iter().position(|event| event["method"] == method);
            if let Some(found) = found {
                self.events.remove(found);
                return;
            }
            let message = self.receive(end, method);
            self.events.push_back(message);
        }
    }

    /// Opens a file, with what stands behind its name in the address, and says how long it took until all was there.
    pub fn open(&mut self, file: &Path, rest: &str) -> Duration {
        // Another page first: going to another place of the same page would load nothing.
        self.ask("Page.navigate", json!({ "url": "about:blank" }));
        self.wait_for("Page.loadEventFired");
        let begun = Instant::now();
        self.ask("Page.navigate", json!({ "url": format!("file://{}{rest}", file.display()) }));
        self.wait_for("Page.loadEventFired");
        // Two frames: then what was built has been laid out and drawn.
        self.value("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))");
        begun.elapsed()
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.ask("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// The value as a text.
    pub fn text(&mut self, expression: &str) -> String {
        self.value(&format!("String({expression})")).as_str().unwrap_or_default().to_string()
    }

    /// Waits until an expression has this value: a page moves in its history, and closes a dialogue, in its own time.
    pub fn until(&mut self, expression: &str, wanted: &str) {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.text(expression);
        while seen != wanted && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
            seen = self.text(expression);
        }
        assert_eq!(seen, wanted, "{expression}");
    }

    /// Presses a key as a person does.
    pub fn press(&mut self, key: &str) {
        let (code, number, text) = match key {
            "Enter" => ("Enter".to_string(), 13, "\r"),
            "Tab" => ("Tab".to_string(), 9, ""),
            "Escape" => ("Escape".to_string(), 27, ""),
            "Home" => ("Home".to_string(), 36, ""),
            "ArrowLeft" => ("ArrowLeft".to_string(), 37, ""),
            "ArrowUp" => ("ArrowUp".to_string(), 38, ""),
            "ArrowRight" => ("ArrowRight".to_string(), 39, ""),
            "ArrowDown" => ("ArrowDown".to_string(), 40, ""),
            letter => (String::new(), 0, letter),
        };
        let down = json!({ "type": if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "key": key, "code": code,
                           "windowsVirtualKeyCode": number, "text": text });
        self.ask("Input.dispatchKeyEvent", down);
        self.ask(
            "Input.dispatchKeyEvent",
            json!({ "type": "keyUp", "key": key, "code": code, "windowsVirtualKeyCode": number }),
        );
        // What the key has set going is done before anything else is asked.
        self.value("new Promise(done => setTimeout(() => done(true)))");
    }

    /// Types a text.
    pub fn write(&mut self, text: &str) {
        for letter in text.chars() {
            self.press(&letter.to_string());
        }
    }

    /// What the page complained of until now: errors, refused scripts, and whatever it asked the network for.
    pub fn complaints(&mut self) -> Vec<String> {
        self.value("1");
        let told = |event: Value| match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => Some(event["params"]["exceptionDetails"].to_string()),
            Some("Log.entryAdded") => Some(event["params"]["entry"].to_string()),
            Some("Page.javascriptDialogOpening") => Some("a dialog was opened by a script".to_string()),
            Some("Network.requestWillBeSent") => {
                let address = event["params"]["request"]["url"].as_str().unwrap_or_default();
                let own = address.starts_with("file://") || address == "about:blank";
                (!own).then(|| format!("it asked for {address}"))
            }
            _ => None,
        };
        std::mem::take(&mut self.events).into_iter().filter_map(told).collect()
    }

    /// How wide and high the window is, in light or in dark.
    pub fn window(&mut self, width: u32, height: u32, dark: bool) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", size);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.ask("Emulation.setEmulatedMedia", json!({ "features": features }));
    }

    /// Writes a picture of the window into the folder that VERYSAME_PICTURES names, for a person to look at.
    pub fn picture(&mut self, name: &str) {
        let Some(folder) = std::env::var_os("VERYSAME_PICTURES").map(PathBuf::from) else { return };
        let answer = self.ask("Page.captureScreenshot", json!({ "format": "png" }));
        let bytes = base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap_or_default());
        std::fs::write(folder.join(format!("{name}.png")), bytes.expect("base 64")).expect("a file");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends with all its processes, and what it is asked last needs no answer.
        self.session.clear();
        let _ = self.to.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0").and_then(|()| self.to.flush());
        let end = Instant::now() + Duration::from_secs(5);
        while Instant::now() < end && !matches!(self.child.try_wait(), Ok(Some(_))) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
