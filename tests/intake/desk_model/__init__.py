"""What the stateful model of the desk is made of: the desk with its doors and relay, its mails, what must hold."""
