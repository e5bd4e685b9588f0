// This file is part of Azure Identity for Swift.
// Copyright (c) the Azure Identity for Swift authors.
// SPDX-License-Identifier: Apache-2.0

#if Tools
/// What Microsoft's library runs: one of its credentials of people, with somebody who fills in the emulator's pages as a browser shows
/// them. Prints an object of JSON with a token, or with an error.
enum PythonPeopleScript {
    static let text = people + credentials

    /// Somebody at a browser.
    private static let people = """
        import asyncio, html.parser, json, logging, os, re, ssl, sys, threading, urllib.parse, urllib.request
        logging.disable(logging.CRITICAL)

        class Page(html.parser.HTMLParser):
            def __init__(self, text):
                super().__init__()
                self.fields, self.buttons, self.target, self.problem, self.is_problem = {}, [], None, None, False
                self.feed(text)
            def handle_starttag(self, tag, attributes):
                values = dict(attributes)
                if tag == "form":
                    self.target = values.get("action")
                elif tag == "input":
                    self.fields[values["name"]] = values["value"]
                elif tag == "button" and "name" in values:
                    self.buttons.append(values["value"])
                self.is_problem = values.get("id") == "problem"
            def handle_data(self, data):
                if self.is_problem:
                    self.problem, self.is_problem = data, False

        class NoRedirect(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *arguments):
                return None

        class Person:
            def __init__(self, name, password, wish):
                context = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
                self.opener = urllib.request.build_opener(
                    urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor(),
                    urllib.request.ProxyHandler({}), NoRedirect())
                self.name, self.password, self.wish, self.headings, self.problem = name, password, wish, [], None
            def visit(self, url, form=None):
                data = None if form is None else urllib.parse.urlencode(form).encode()
                with self.opener.open(urllib.request.Request(url, data), timeout=60) as response:
                    return response.read().decode()
            def sign_in(self, url, form=None):
                "Goes from page to page; gives the address of a redirect, if it comes to one."
                for _ in range(8):
                    try:
                        text = self.visit(url, form)
                    except urllib.error.HTTPError as error:
                        if error.code == 302:
                            return error.headers["Location"]
                        raise
                    page = Page(text)
                    self.headings.append(re.search("<h1>(.*?)</h1>", text).group(1))
                    if page.target:
                        self.visit(page.target, page.fields)
                        return page.target
                    self.problem = page.problem
                    if page.problem or not page.buttons:
                        return None
                    form = page.fields
                    if self.wish == "cancel":
                        form["action"] = "cancel"
                    elif "password" in form:
                        form.update(username=self.name, password=self.password, action="signin")
                    else:
                        form["action"] = page.buttons[0]
                raise Exception("the pages have no end")
            def enter(self, url, code):
                fields = Page(self.visit(url)).fields
                self.sign_in(url, dict(fields, user_code=code, action="next"))

        person = Person(os.environ["PEER_USER"], os.environ["PEER_PASSWORD"], os.environ["PEER_WISH"])
        threads = []
        def later(action, *arguments):
            threads.append(threading.Thread(target=action, args=arguments, daemon=True))
            threads[-1].start()

        """

    /// The credentials.
    private static let credentials = """
        import azure.identity as library
        import azure.identity._credentials.browser as browser
        from azure.core.pipeline.transport import RequestsTransport

        kind, scope = sys.argv[1], "https://vault.azure.net/.default"
        authority, tenant = os.environ["AZURE_AUTHORITY_HOST"], os.environ["AZURE_TENANT_ID"]
        client, secret = os.environ["AZURE_CLIENT_ID"], os.environ["AZURE_CLIENT_SECRET"]
        public, redirect = os.environ["PEER_PUBLIC_CLIENT"], os.environ["PEER_REDIRECT"]
        common = dict(authority=authority, disable_instance_discovery=True)

        class Transport(RequestsTransport):
            "The library loses the port when it asks for the user realm."
            def send(self, request, **options):
                url = urllib.parse.urlsplit(request.url)
                if url.hostname == "localhost" and url.port is None:
                    request.url = authority + url.path + ("?" + url.query if url.query else "")
                return super().send(request, **options)

        def password_credential():
            return library.UsernamePasswordCredential(
                public, person.name, person.password, tenant_id=tenant, transport=Transport(), **common)

        def device_code_credential():
            return library.DeviceCodeCredential(
                public, timeout=60, prompt_callback=lambda url, code, _: later(person.enter, url, code), **common)

        def browser_credential():
            def opened(url):
                later(person.sign_in, url)
                return True
            browser._open_browser = opened
            return library.InteractiveBrowserCredential(client_id=public, tenant_id=tenant, timeout=60, **common)

        def code_credential():
            query = dict(client_id=client, response_type="code", redirect_uri=redirect, state="s",
                         scope=scope + " openid profile offline_access")
            address = person.sign_in(f"{authority}/{tenant}/oauth2/v2.0/authorize?" + urllib.parse.urlencode(query))
            code = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))["code"]
            return library.AuthorizationCodeCredential(tenant, client, code, redirect, client_secret=secret, **common)

        def assertion():
            return password_credential().get_token(f"api://{client}/.default").token

        def answer(credential):
            token = credential.get_token(scope)
            again = credential.get_token(scope)
            other = None
            if kind != "code":
                # Another scope is had without anybody.
                other = credential.get_token("https://graph.microsoft.com/.default").token
            record = getattr(credential, "_auth_record", None)
            return dict(token=token.token, other=other, isKept=token.token == again.token,
                        record=record.serialize() if record else None)

        async def answer_async():
            from azure.identity.aio import OnBehalfOfCredential
            arguments = dict(client_secret=secret, user_assertion=assertion(), **common)
            async with OnBehalfOfCredential(tenant, client, **arguments) as credential:
                token, again = await credential.get_token(scope), await credential.get_token(scope)
                return dict(token=token.token, isKept=token.token == again.token)

        try:
            if kind == "on-behalf-of-async":
                result = asyncio.run(answer_async())
            elif kind == "on-behalf-of":
                result = answer(library.OnBehalfOfCredential(
                    tenant, client, client_secret=secret, user_assertion=assertion(), **common))
            elif kind == "cae":
                result = dict(token=password_credential().get_token(scope, enable_cae=True).token, isKept=True)
            else:
                result = answer({"device": device_code_credential, "browser": browser_credential,
                                 "code": code_credential, "password": password_credential}[kind]())
        except Exception as error:
            result = dict(error=type(error).__name__ + ": " + str(error))
        for thread in threads:
            thread.join(60)
        print(json.dumps(dict(result, headings=person.headings, problem=person.problem)))
        """
}
#endif
