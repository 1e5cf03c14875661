// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include "music.hpp"

namespace chinook {

struct Customer;
struct Invoice;

struct Employee {
    kin::primary_key<int> id;
    kin::varchar<20> last_name;
    kin::varchar<20> first_name;
    std::optional<kin::varchar<30>> title;
    std::optional<kin::foreign_key<&Employee::id>> reports_to;
    std::optional<std::chrono::sys_seconds> birth_date;
    std::optional<std::chrono::sys_seconds> hire_date;
    std::optional<kin::varchar<70>> address;
    std::optional<kin::varchar<40>> city;
    std::optional<kin::varchar<40>> state;
    std::optional<kin::varchar<40>> country;
    std::optional<kin::varchar<10>> postal_code;
    std::optional<kin::varchar<24>> phone;
    std::optional<kin::varchar<24>> fax;
    std::optional<kin::varchar<60>> email;
    kin::belongs_to<Employee> manager;
    kin::has_many<Employee> reports;
    kin::has_many<Customer> customers;
};

struct Customer {
    kin::primary_key<int> id;
    kin::varchar<40> first_name;
    kin::varchar<20> last_name;
    std::optional<kin::varchar<80>> company;
    std::optional<kin::varchar<70>> address;
    std::optional<kin::varchar<40>> city;
    std::optional<kin::varchar<40>> state;
    std::optional<kin::varchar<40>> country;
    std::optional<kin::varchar<10>> postal_code;
    std::optional<kin::varchar<24>> phone;
    std::optional<kin::varchar<24>> fax;
    kin::varchar<60> email;
    std::optional<kin::foreign_key<&Employee::id>> support_rep_id;
    kin::belongs_to<Employee> support_rep;
    kin::has_many<Invoice> invoices;
};

struct Invoice {
    kin::primary_key<int> id;
    kin::foreign_key<&Customer::id> customer_id;
    std::chrono::sys_seconds date;
    std::optional<kin::varchar<70>> billing_address;
    std::optional<kin::varchar<40>> billing_city;
    std::optional<kin::varchar<40>> billing_state;
    std::optional<kin::varchar<40>> billing_country;
    std::optional<kin::varchar<10>> billing_postal_code;
    std::string total; // NUMERIC(10,2), as SQLite writes it
    kin::belongs_to<Customer> customer;
    kin::has_many<InvoiceLine> lines;
};

struct InvoiceLine {
    kin::primary_key<int> id;
    kin::foreign_key<&Invoice::id> invoice_id;
    kin::foreign_key<&Track::id> track_id;
    std::string unit_price; // NUMERIC(10,2), as SQLite writes it
    int quantity;
    kin::belongs_to<Invoice> invoice;
    kin::belongs_to<Track> track;
};

inline void describe(kin::mapping<Employee>& m) {
    m.table("Employee");
    m.column<&Employee::id>().name("EmployeeId");
    m.column<&Employee::last_name>().name("LastName");
    m.column<&Employee::first_name>().name("FirstName");
    m.column<&Employee::title>().name("Title");
    m.column<&Employee::reports_to>().name("ReportsTo");
    m.column<&Employee::birth_date>().name("BirthDate").type("DATETIME");
    m.column<&Employee::hire_date>().name("HireDate").type("DATETIME");
    m.column<&Employee::address>().name("Address");
    m.column<&Employee::city>().name("City");
    m.column<&Employee::state>().name("State");
    m.column<&Employee::country>().name("Country");
    m.column<&Employee::postal_code>().name("PostalCode");
    m.column<&Employee::phone>().name("Phone");
    m.column<&Employee::fax>().name("Fax");
    m.column<&Employee::email>().name("Email");
    m.relationship<&Employee::reports>().order_by(kin::col<&Employee::id>);
}

inline void describe(kin::mapping<Customer>& m) {
    m.table("Customer");
    m.column<&Customer::id>().name("CustomerId");
    m.column<&Customer::first_name>().name("FirstName");
    m.column<&Customer::last_name>().name("LastName");
    m.column<&Customer::company>().name("Company");
    m.column<&Customer::address>().name("Address");
    m.column<&Customer::city>().name("City");
    m.column<&Customer::state>().name("State");
    m.column<&Customer::country>().name("Country");
    m.column<&Customer::postal_code>().name("PostalCode");
    m.column<&Customer::phone>().name("Phone");
    m.column<&Customer::fax>().name("Fax");
    m.column<&Customer::email>().name("Email");
    m.column<&Customer::support_rep_id>().name("SupportRepId");
    m.relationship<&Customer::invoices>().order_by(kin::col<&Invoice::date>);
}

inline void describe(kin::mapping<Invoice>& m) {
    m.table("Invoice");
    m.column<&Invoice::id>().name("InvoiceId");
    m.column<&Invoice::customer_id>().name("CustomerId");
    m.column<&Invoice::date>().name("InvoiceDate").type("DATETIME");
    m.column<&Invoice::billing_address>().name("BillingAddress");
    m.column<&Invoice::billing_city>().name("BillingCity");
    m.column<&Invoice::billing_state>().name("BillingState");
    m.column<&Invoice::billing_country>().name("BillingCountry");
    m.column<&Invoice::billing_postal_code>().name("BillingPostalCode");
    m.column<&Invoice::total>().name("Total").type("NUMERIC(10,2)");
    m.relationship<&Invoice::lines>().order_by(kin::col<&InvoiceLine::id>);
}

inline void describe(kin::mapping<InvoiceLine>& m) {
    m.table("InvoiceLine");
    m.column<&InvoiceLine::id>().name("InvoiceLineId");
    m.column<&InvoiceLine::invoice_id>().name("InvoiceId");
    m.column<&InvoiceLine::track_id>().name("TrackId");
    m.column<&InvoiceLine::unit_price>().name("UnitPrice").type("NUMERIC(10,2)");
    m.column<&InvoiceLine::quantity>().name("Quantity");
}

} // namespace chinook
