"""The commands of `saraptama-centre`, one module each; `app.centre.cli` names them."""
