using System.Security.Cryptography;
using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Web.Auth;

/// <summary>Makes the user <c>admin</c> when there is no user at all, and prints its password once: on the console, never to a log.</summary>
internal sealed class LocalAdministrator(IServiceScopeFactory scopes) : IHostedService
{
    /// <summary>The user's name.</summary>
    public const string Name = "admin";

    // Without letters and digits that look alike: 24 of 55 characters are 138 bits.
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ConsoleUser>>();
        if (await users.Users.AnyAsync(cancellationToken))
        {
            return;
        }

        var password = RandomNumberGenerator.GetString(Alphabet, 24);
        var result = await users.CreateAsync(new ConsoleUser { UserName = Name }, password);
        if (!result.Succeeded)
        {
            throw new InvalidOperationException($"The user {Name} could not be made: {string.Join("; ", result.Errors.Select(e => e.Description))}");
        }

        await Console.Out.WriteLineAsync($"First start: sign in as {Name} with the password {password} (it is not shown again)");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
