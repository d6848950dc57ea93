// Your code: which functions of the learner's drive the network, what check says about them, and what they raised.

const EXAMPLE = `import chainrule

def backward_pass(x, target, learnrate, hidden_layer_out,
                  output_layer_out, weights_hidden_to_output):
    ...                                   # yours

chainrule.playground(backward_pass=backward_pass)`;

function yoursTab(app) {
  const plugged = h("div");
  const raised = h("div", { role: "alert" });
  const reports = h("div");
  const planes = beside(app);

  return {
    name: "Your code",
    element: h("div", { class: "yours-tab" }, h("div", {}, raised, plugged, planes.element), reports),
    frame: planes.frame,
    open: () => app.frame && planes.frame(app.frame),
    catalog({ yours }) {
      fill(plugged, yours?.length
        ? [h("p", {}, "The network learns with your functions:"), h("ul", {}, yours.map((name) => h("li", {}, h("code", {}, name)))), h("p", { class: "note" }, "Everything else is ours. Change a function, plug it in again, and watch.")]
        : [h("p", {}, "No function of yours is plugged in. In a notebook:"), h("pre", {}, EXAMPLE), h("p", {}, "In a terminal, with the notebook you work in:"), h("pre", {}, "chainrule play gradient-descent.ipynb")]);
    },
    raised({ text, file, line }) {
      fill(raised, h("h3", {}, "Your function raised an error"), h("p", {}, file ? `${file}${line ? `, line ${line}` : ""}` : ""), h("pre", { class: "raised" }, text));
      app.parts.tabs.select("Your code");
    },
    state({ playing }) {
      if (playing) fill(raised);
    },
    finding({ report, yours, name }) {
      if (yours || name) {
        reports.querySelector(`[data-name="${CSS.escape(name ?? "")}"]`)?.remove();
        reports.append(h("div", { "data-name": name ?? "" }, name && h("h3", {}, h("code", {}, name)), reportOf(report)));
      }
    },
  };
}
