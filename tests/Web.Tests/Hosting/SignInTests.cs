using System.Net;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Tests;
using CalicoConsole.Web.Auth;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Hosting;

[TakesLong]
public sealed class SignInTests : IAsyncDisposable
{
    // The test server's connections come from nowhere, which counts as a proxy on this machine: the address in its header is the client's.
    private readonly ConsoleFactory _console = new() { More = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Proxy:Known"] = "127.0.0.1" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _console.DisposeAsync();

    [Theory]
    [InlineData("/endpoints?q=docker01", "/endpoints?q=docker01")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    public async Task SignIn_RightPassword_LeadsBackWithinTheConsole(string returnUrl, string to)
    {
        using var browser = await SignInClient.OpenAsync(_console);
        using var response = await browser.SignInAsync(SignInClient.Password, returnUrl: returnUrl);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(to, response.Headers.Location!.ToString());
        var instance = _console.Services.GetRequiredService<ConsoleDatabase>().Instance;
        var cookie = response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith($"calico-console-{instance}=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Theory]
    [InlineData("/account/sign-in", "_handler=sign-in&Input.User=admin&Input.Password=x")]
    [InlineData("/account/sign-out", "returnUrl=/")]
    public async Task Post_WithoutAntiforgeryToken_IsRefused(string path, string body)
    {
        using var browser = await SignInClient.OpenAsync(_console);
        using (await browser.SignInAsync(SignInClient.Password))
        {
            using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Cookie", browser.Cookies } } };
            using var response = await browser.Http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Fact]
    public async Task FirstStart_MakesOneAdministrator()
    {
        using var browser = await SignInClient.OpenAsync(_console);
        await using var scope = _console.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        Assert.Equal(LocalAdministrator.Name, Assert.Single(users.Users.ToList()).UserName);
    }

    [Theory]
    [InlineData("192.0.2.5", "192.0.2.5", "192.0.2.6")]
    [InlineData("2001:db8:0:1::5", "2001:db8:0:1:ffff::9", "2001:db8:0:2::5")]
    [InlineData("::ffff:192.0.2.5", "192.0.2.5", "::ffff:192.0.2.6")]
    public async Task SignIn_TooManyFromOneSource_KeepsThatOneOutAlone(string wrong, string same, string other)
    {
        using var guesser = await SignInClient.OpenAsync(_console, wrong);
        for (var i = 0; i < AttemptLimits.SignIns; i++)
        {
            using var refused = await guesser.SignInAsync($"wrong {i}");
            Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
            Assert.DoesNotContain($"calico-console-{_console.Services.GetRequiredService<ConsoleDatabase>().Instance}=", guesser.Cookies,
                StringComparison.Ordinal);
        }

        using var neighbour = await SignInClient.OpenAsync(_console, same);
        using var limited = await neighbour.SignInAsync(SignInClient.Password);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.InRange(limited.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Assert.Contains("Wait ", await limited.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        using var somebody = await SignInClient.OpenAsync(_console, other);
        using var right = await somebody.SignInAsync(SignInClient.Password);
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    [Fact]
    public async Task SignInAndOut_RightOrWrong_AreInTheAuditWithTheirSource()
    {
        using var browser = await SignInClient.OpenAsync(_console, "192.0.2.77");
        using (await browser.SignInAsync("not the password"))
        using (await browser.SignInAsync("whatever", "secret-typed-as-name"))
        using (await browser.SignInAsync(SignInClient.Password))
        using (await browser.SignOutAsync())
        {
            Assert.Equal(
                [("nobody", "session.signIn", "admin", "failed"), ("nobody", "session.signIn", "unknown user", "failed"),
                    ("admin", "session.signIn", "admin", "succeeded"), ("admin", "session.signOut", "admin", "succeeded")],
                _console.Audit.Recorded.Select(r => (r.Intent.Actor, r.Intent.Operation, r.Intent.ObjectName, r.Outcome.Outcome)));
            Assert.All(_console.Audit.Recorded, r =>
                Assert.Equal(("192.0.2.77", "session", r.Outcome.OperationId), (r.Intent.Source, r.Intent.ObjectKind, r.Intent.OperationId)));
        }

        Assert.Contains(_console.Logged.Own, l => l.Contains("192.0.2.77 was refused", StringComparison.Ordinal));
        Assert.DoesNotContain(_console.Logged.Own, l => l.Contains("not the password", StringComparison.Ordinal)
            || l.Contains("secret-typed-as-name", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignOut_EndsCopiesOfTheCookieToo()
    {
        using var browser = await SignInClient.OpenAsync(_console);
        using (await browser.SignInAsync(SignInClient.Password))
        {
            var copy = browser.Cookies;
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(browser.Http, copy));
            using (await browser.SignOutAsync())
            {
                Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser.Http, copy));
            }
        }
    }

    [Theory]
    [InlineData("stamp")]
    [InlineData("password")]
    [InlineData("deletion")]
    public async Task ChangeOfTheUser_EndsCookieAndWhatIsOpen(string change)
    {
        using var browser = await SignInClient.OpenAsync(_console);
        using (await browser.SignInAsync(SignInClient.Password))
        {
            await using var scope = _console.Services.CreateAsyncScope();
            var session = Assert.Single(await scope.ServiceProvider.GetRequiredService<ConsoleDbContext>().Sessions.ToListAsync(Cancel));
            var ended = new TaskCompletionSource();
            using var watching = _console.Services.GetRequiredService<SessionWatch>().Watch(session.Id, ended.SetResult);
            var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
            var admin = (await users.FindByNameAsync("admin"))!;
            var result = change switch
            {
                "stamp" => await users.UpdateSecurityStampAsync(admin),
                "password" => await users.ChangePasswordAsync(admin, SignInClient.Password, "another password"),
                _ => await users.DeleteAsync(admin),
            };
            Assert.True(result.Succeeded);

            Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(browser.Http, browser.Cookies));
            await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        }
    }

    /// <summary>The hash is practically all of the time that an answer takes, so it must be worked out for a name that nobody has as well.</summary>
    [Fact]
    public async Task SignIn_NameThatNobodyHas_CostsAsManyHashesAsAWrongPassword()
    {
        var hasher = new CountingHasher();
        await using var console = new ConsoleFactory { Also = services => services.AddSingleton<IPasswordHasher<ConsoleUser>>(hasher) };
        await using var scope = console.Services.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<ConsoleSignIn>();

        Assert.Equal(1, await HashesAsync("admin"));
        Assert.Equal(1, await HashesAsync("somebody"));

        async Task<int> HashesAsync(string user)
        {
            var before = hasher.Verified;
            var http = new Microsoft.AspNetCore.Http.DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("198.51.100.1") } };
            Assert.NotNull((await signIn.SignInAsync(http, user, "wrong")).Wrong);
            return hasher.Verified - before;
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string cookies)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nodes") { Headers = { { "Cookie", cookies } } };
        using var response = await http.SendAsync(request, Cancel);
        return response.StatusCode;
    }

    private sealed class CountingHasher : IPasswordHasher<ConsoleUser>
    {
        private readonly PasswordHasher<ConsoleUser> _real = new();
        private int _verified;

        public int Verified => Volatile.Read(ref _verified);

        public string HashPassword(ConsoleUser user, string password) => _real.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(ConsoleUser user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _verified);
            return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
